" Runs inside Vim, with ALE loaded and then configured by the recipe of editors/README.md, as a user's vimrc would.
set runtimepath+=/usr/share/vim-ale
filetype plugin on
runtime plugin/ale.vim
source $PYPREP_RECIPE

const s:patience = 60
const s:route = ['def add_stop(stop, route=[]):', '    route.append(stop)', '    return route']
const s:size = ['def is_large(size: str):', '    return size is "large"']

" What ALE asks when there are several fixes; the user takes the first.
runtime autoload/ale/util.vim
function! ale#util#Input(message, value) abort
  let s:asked = a:message
  return '1'
endfunction

function s:Wait(what, Probe)
  let until = reltimefloat(reltime()) + s:patience
  while !a:Probe()
    if reltimefloat(reltime()) > until
      throw 'waited ' .. s:patience .. ' s in vain: ' .. a:what
    endif
    sleep 20m
  endwhile
endfunction

function s:Found()
  return get(get(g:ale_buffer_info, bufnr(''), {}), 'loclist', [])
endfunction

function s:Codes()
  return map(copy(s:Found()), 'get(v:val, "code", "")')
endfunction

function s:WaitFor(...)
  let wanted = a:000
  call s:Wait('findings ' .. string(wanted), {-> s:Codes() == wanted})
endfunction

function s:Open(name, lines)
  silent only!
  call writefile(a:lines, $PYPREP_SCRATCH .. '/' .. a:name)
  execute 'silent edit!' $PYPREP_SCRATCH .. '/' .. a:name
endfunction

function Test_findings_are_shown_with_severity_code_and_place()
  call s:Open('shown.py', s:route + s:size)
  call s:WaitFor('PP0301', 'PP3001')
  let [first, second] = s:Found()
  call assert_equal([1, 26, 'W'], [first.lnum, first.col, first.type])
  call assert_match('^`route` is one list', first.text)
  call assert_equal([5, 17, 'E'], [second.lnum, second.col, second.type])
endfunction

function Test_findings_follow_what_is_typed()
  call s:Open('typed.py', s:route)
  call s:WaitFor('PP0301')
  call append('$', s:size)
  ALELint
  call s:WaitFor('PP0301', 'PP3001')
  1substitute/=\[\]//
  ALELint
  call s:WaitFor('PP3001')
endfunction

function Test_the_hover_is_the_lesson_and_names_the_question()
  call s:Open('hover.py', s:route)
  call s:WaitFor('PP0301')
  call cursor(1, 26)
  ALEHover
  call s:Wait('the preview', {-> winnr('$') > 1})
  wincmd P
  let lesson = join(getline(1, '$'), "\n")
  for part in ['`route`', '`add_stop`', 'Q03 How do functions and default arguments work?', 'https://']
    call assert_true(stridx(lesson, part) >= 0, part .. ' in ' .. lesson)
  endfor
endfunction

function Test_a_fix_is_made()
  call s:Open('fix.py', s:size)
  call s:WaitFor('PP3001')
  call cursor(2, 17)
  ALECodeAction
  call s:Wait('the fix', {-> getline(2) ==# '    return size == "large"'})
  call assert_match('1) Compare values with `==`', s:asked)
endfunction

function s:Run()
  let results = []
  let failed = 0
  let tests = filter(getcompletion('Test_', 'function'), 'v:val =~# $PYPREP_TEST')
  for test in tests
    let v:errors = []
    try
      call call(substitute(test, '()\?$', '', ''), [])
    catch
      call add(v:errors, v:throwpoint .. ': ' .. v:exception)
    endtry
    call add(results, (empty(v:errors) ? 'ok   ' : 'FAIL ') .. test)
    call extend(results, map(copy(v:errors), '"     " .. v:val'))
    let failed += !empty(v:errors)
  endfor
  call add(results, printf('%d passed, %d failed', len(tests) - failed, failed))
  call writefile(results, $PYPREP_RESULTS)
  execute failed || empty(tests) ? 'cquit!' : 'qall!'
endfunction
autocmd VimEnter * ++nested call s:Run()
